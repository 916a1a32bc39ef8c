import { parser } from '@prometheus-io/lezer-promql';

/** What a PromQL expression asks for, by the language's own grammar. */
export interface Asked {
  readonly metrics: readonly { readonly name: string; readonly labels: readonly string[] }[];
  /** Labels of `by`, `without`, `on`, `ignoring` and `group_left`. */
  readonly grouping: readonly string[];
  readonly isWhole: boolean;
}

/** Labels of the `by` of an aggregation that is the whole expression; null when the expression is anything else. */
export function outermostBy(expression: string): string[] | null {
  const top = parser.parse(expression).topNode.firstChild;
  const modifier = top?.name === 'AggregateExpr' ? top.getChild('AggregateModifier') : null;
  if (modifier === null || modifier.getChild('By') === null) return null;
  const labels = modifier.getChild('GroupingLabels')?.getChildren('LabelName') ?? [];
  return labels.map(({ from, to }) => expression.slice(from, to));
}

export function askedBy(expression: string): Asked {
  const tree = parser.parse(expression);
  const metrics: { name: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  let isWhole = true;
  tree.iterate({
    enter(node) {
      const text = expression.slice(node.from, node.to);
      if (node.type.isError) isWhole = false;
      if (node.name === 'VectorSelector') metrics.push({ name: '', labels: [] });
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector') {
        const last = metrics.at(-1);
        if (last !== undefined) last.name = text;
      }
      if (node.name !== 'LabelName') return;
      if (node.node.parent?.name === 'GroupingLabels') grouping.push(text);
      else metrics.at(-1)?.labels.push(text);
    },
  });
  return { metrics, grouping, isWhole };
}
