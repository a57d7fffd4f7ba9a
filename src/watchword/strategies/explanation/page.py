"""Explanations as one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

from collections.abc import Iterator, Sequence
from html import escape

from watchword.strategies.explanation.drawing import render_automaton
from watchword.strategies.explanation.facts import Explanation, RuleFact
from watchword.strategies.explanation.wording import figures, quoted

_STYLE = """
:root{color-scheme:light}body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;
color:#0f172a;background:#fff}h1{font-size:1.5rem}h2{margin-top:2.5rem;border-bottom:1px solid #cbd5e1}
code{font:13px ui-monospace,monospace;background:#f1f5f9;padding:.1em .3em;border-radius:3px;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.35rem .6rem;
border-bottom:1px solid #e2e8f0}th{font-weight:600}.assumed{color:#9a3412}.note{color:#475569}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:600}dd{margin:0}
.drawing{overflow-x:auto;border:1px solid #e2e8f0;border-radius:6px;padding:.5rem;margin:1rem 0}
ul{margin:.2rem 0;padding-left:1.1rem}
"""


def render_page(title: str, explained: Sequence[Explanation]) -> str:
    """The page, a section for each schema."""
    sections = "\n".join("\n".join(_section(each)) for each in explained)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}: string rules</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>\n'
        f"<body><h1>{escape(title)}: string rules</h1>\n{sections}\n</body></html>\n"
    )


def _section(explained: Explanation) -> Iterator[str]:
    yield f"<section><h2>{escape(explained.name)}</h2><p class=note>{escape(str(explained.place))}</p>"
    yield "<dl>" + "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in figures(explained)) + "</dl>"
    if explained.language is not None and explained.count != 0:
        drawing = render_automaton(explained.language)
        yield f"<div class=drawing>{drawing}</div>" if drawing else "<p class=note>too many states to draw</p>"
    yield "<table><thead><tr><th>rule<th>certainty, source<th>as a pattern<th>broken alone by</tr></thead><tbody>"
    yield from (_row(rule) for rule in explained.rules)
    yield "</tbody></table></section>"


def _row(rule: RuleFact) -> str:
    patterns = "".join(
        f"<li>{dialect}: " + (f"<code>{escape(pattern)}</code>" if pattern is not None else escape(reason or "none"))
        for dialect, pattern, reason in rule.patterns
    )
    source = f"<br>{escape(rule.source)}" if rule.source else ""
    return (
        f"<tr><td><b>{escape(rule.rule)}</b><br>{escape(rule.statement)}"
        f"<td class={rule.certainty.value}>{rule.certainty.value}{source}"
        f"<td><ul>{patterns}</ul><td>{_breach(rule)}</tr>"
    )


def _breach(rule: RuleFact) -> str:
    if rule.problem is not None:
        return escape(rule.problem)
    if rule.breach is None:
        return "cannot be broken alone"
    texts = dict.fromkeys([rule.breach.plainest, *rule.breach.samples])
    return "<ul>" + "".join(f"<li><code>{escape(quoted(text))}</code>" for text in texts) + "</ul>"
