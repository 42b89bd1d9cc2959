"""The builder's pages: list and item (:mod:`.overview`), tabs (:mod:`.building`), submission and approval (:mod:`.approving`)."""
