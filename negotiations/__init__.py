"""The talks: rounds, negotiations, what is agreed, memos and follow-up."""
