"""Key accounts: portfolio, frame agreements, plan, share of wallet, loyalty ladder, six markets."""
