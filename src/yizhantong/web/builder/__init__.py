"""The builder of items: pages on which officers make a version without programming.

A version is edited in tabs; each tab is one form over its part of the content's document. Everything works by plain posts (add,
remove, move are buttons); htmx only saves as one types and swaps the tab instead of the page.

1. :mod:`.nested`: posted names with dots and numbers (``form.0.fields.2.required``) become lists and mappings
2. :mod:`.operations`: add, remove, move within them
3. :mod:`.tabs`: what a tab is, and how a zone adds one for its kind of items (:func:`~.tabs.register_tab`)
4. :mod:`.parts`: the tabs that every item has; :mod:`.conditions`: rows of conditions and FEEL
5. :mod:`.drafts`: saving with undo, and without overwriting what somebody else saved meanwhile
"""
