import { describe, expect, it } from 'vitest';
import { mergeMetrics } from '../../../src/control/dataplane/merge-metrics.ts';

describe('metrics of several processes', () => {
  it('have each family once, whoever knows it, and end once', () => {
    const one = '# HELP a A.\n# TYPE a counter\na{p="1"} 1\n# HELP b B.\n# TYPE b histogram\nb_sum{p="1"} 2\n# EOF\n';
    const two = '# HELP b B.\n# TYPE b histogram\nb_sum{p="2"} 3\n# HELP c C.\n# TYPE c gauge\nc 4\n# EOF\n';
    expect(mergeMetrics([one, two])).toBe(
      '# HELP a A.\n# TYPE a counter\na{p="1"} 1\n# HELP b B.\n# TYPE b histogram\nb_sum{p="1"} 2\nb_sum{p="2"} 3\n# HELP c C.\n# TYPE c gauge\nc 4\n# EOF\n',
    );
  });

  it('are nothing of processes that have none', () => {
    expect(mergeMetrics(['', ''])).toBe('');
    expect(mergeMetrics(['# EOF\n', '# EOF\n'])).toBe('# EOF\n');
  });
});
