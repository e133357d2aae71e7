"""Writing notes and highlights on the page of a paper."""
