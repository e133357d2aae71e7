"""The derived index: disposable, rebuilt from the store by services.indexing. Must not know of the store."""
