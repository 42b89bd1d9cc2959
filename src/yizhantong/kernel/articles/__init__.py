"""Articles 稿件: drafts checked against the figures, and briefs written from them."""
