import { describe, expect, it } from 'vitest';
import { preStopSleepSeconds } from '#sdk';

describe('preStopSleepSeconds', () => {
  it.each([
    [['sleep', '15'], 15],
    [['/bin/sleep', '1m', '5s'], 65],
    [['sh', '-c', 'sleep 15'], 15],
    [['/bin/bash', '-ec', 'sleep 5 && shop drain; /bin/sleep 2.5\nshop stop'], 7.5],
    [['sh', '-c', 'exec sleep 15'], 15],
    [['sh', '-c', 'sleep 90 & sleep 5 2>&1 && shop drain'], 5],
    [['powershell.exe', '-Command', 'Start-Sleep -Seconds 45'], 45],
    [
      [
        'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\PowerShell.exe',
        '-NoProfile',
        '-c',
        'start-sleep',
        '15',
      ],
      15,
    ],
    [['pwsh', '-Command', '& C:\\shop\\drain.ps1; sleep -s 2.5; Start-Sleep -Milliseconds 500'], 3],
    [['powershell', '-ExecutionPolicy', 'Bypass', '-Command', 'Start-Sleep 5'], 5],
    [['powershell', 'Start-Sleep 20'], 20],
    [['powershell', 'Start-Sleep -Seconds $env:DELAY'], 0],
    [['powershell', '-File', 'C:\\shop\\drain.ps1', 'Start-Sleep 90'], 0],
    [['sh', '-c', 'echo sleep 90'], 0],
    [['sh', '-c', 'sleep $DELAY'], 0],
    [['sh', 'sleep.sh', '90'], 0],
    [['shop', 'sleep', '90'], 0],
    [['sleep', 'infinity'], 0],
    [['sleep'], 0],
    [[], 0],
  ])('reads %j as %d s', (command, seconds) => {
    expect(preStopSleepSeconds({ lifecycle: { preStop: { exec: { command } } } })).toBe(seconds);
  });

  it('reads the sleep action', () => {
    expect(preStopSleepSeconds({ lifecycle: { preStop: { sleep: { seconds: 10 } } } })).toBe(10);
  });

  it('finds no sleep in other hooks', () => {
    expect(preStopSleepSeconds({})).toBe(0);
    expect(preStopSleepSeconds({ lifecycle: { postStart: { sleep: { seconds: 10 } } } })).toBe(0);
    expect(preStopSleepSeconds({ lifecycle: { preStop: { httpGet: { port: 80 } } } })).toBe(0);
  });
});
