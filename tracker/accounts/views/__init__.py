"""The pages of key accounts: the list, one account, its agreements, plan, wallet, ladder and six markets."""

from tracker.accounts.views import accounts, agreements, call_offs, judging, markets, plan
from tracker.accounts.views.blueprint import blueprint

__all__ = ["accounts", "agreements", "call_offs", "judging", "markets", "plan"]

BLUEPRINTS = (blueprint,)
