"""The shell: base pages, components, home, accounts and the root of the API; it finds zones by the registries."""
