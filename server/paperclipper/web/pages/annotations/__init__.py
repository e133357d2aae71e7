"""Notes and highlights on a paper's page."""
