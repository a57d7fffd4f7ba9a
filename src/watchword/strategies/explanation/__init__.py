"""What the string rules of a contract amount to: facts as records, and a page with drawings made of them."""

from watchword.strategies.explanation.facts import Breach, Explanation, RuleFact, explanations
from watchword.strategies.explanation.page import render_page

__all__ = ["Breach", "Explanation", "RuleFact", "explanations", "render_page"]
