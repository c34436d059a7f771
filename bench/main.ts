/** Prints what policies, `check` and the server cost. */
import { benchCheck } from './check.ts';
import { benchPolicies } from './policies.ts';
import { benchServer } from './server.ts';

benchPolicies();
await benchCheck();
await benchServer();
