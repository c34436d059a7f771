import { rows, type Panel } from './dashboard-rows.ts';

const datasource = { type: 'prometheus', uid: '${datasource}' };
// A dashboard of Grafana is 24 units wide.
const gridWidth = 24;

/**
 * deploy/monitoring/dashboard.json: an example of a dashboard for Grafana 10 or later, as Grafana imports it. The source
 * of data is chosen there.
 */
export function dashboardJson(): string {
  let id = 0;
  let y = 0;
  const panels = rows.flatMap(({ title, panels: inside, columns, height }) => {
    const head = {
      id: (id += 1),
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: gridWidth, h: 1 },
      panels: [],
    };
    y += 1;
    const width = gridWidth / columns;
    const placed = inside.map((panel, index) => ({
      id: (id += 1),
      ...panelJson(panel),
      gridPos: {
        x: (index % columns) * width,
        y: y + Math.floor(index / columns) * height,
        w: width,
        h: height,
      },
    }));
    y += Math.ceil(inside.length / columns) * height;
    return [head, ...placed];
  });
  return JSON.stringify({
    uid: 'daygate',
    title: 'daygate',
    description: 'Admission reviews: traffic, verdicts, latency, policies, certificates and processes',
    tags: ['daygate', 'kubernetes'],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: '1m',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', refresh: 1 },
      ],
    },
    panels,
  });
}

function panelJson({ title, description, type, unit, queries, thresholds }: Panel): object {
  // What is counted over the whole time shown is one number.
  const instant = type === 'stat' || type === 'bargauge';
  return {
    type,
    title,
    ...(description === undefined ? {} : { description }),
    datasource,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource,
      expr,
      ...(legend === undefined ? {} : { legendFormat: legend }),
      ...(instant ? { instant: true, range: false } : {}),
      ...(type === 'heatmap' ? { format: 'heatmap' } : {}),
    })),
    fieldConfig: {
      defaults: {
        unit,
        min: type === 'timeseries' ? 0 : undefined,
        color: { mode: thresholds === undefined ? 'palette-classic' : 'thresholds' },
        ...(thresholds === undefined ? {} : { thresholds: thresholdSteps(thresholds) }),
      },
      overrides: [],
    },
    options: optionsOf(type),
  };
}

function thresholdSteps({ warning, bad, falling }: NonNullable<Panel['thresholds']>): object {
  const colors = falling === true ? ['red', 'orange', 'green'] : ['green', 'orange', 'red'];
  const [first, second] = [warning, bad].toSorted((a, b) => a - b);
  // Less than the lower bound is bad where falling is; exactly on it is not.
  return {
    mode: 'absolute',
    steps: [null, first, second].map((value, index) => ({ value, color: colors[index] })),
  };
}

function optionsOf(type: Panel['type']): object {
  if (type === 'heatmap')
    return { calculate: false, yAxis: { unit: 's' }, color: { scheme: 'Blues', mode: 'scheme' } };
  if (type === 'timeseries')
    return { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } };
  const reduceOptions = { calcs: ['lastNotNull'], fields: '', values: false };
  return type === 'stat'
    ? { reduceOptions, graphMode: 'none' }
    : { reduceOptions, orientation: 'horizontal' };
}
