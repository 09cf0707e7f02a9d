"""The site as books: EPUB for e-readers and PDF for paper, made of the pages that `sitebuild stage` writes.

chapters  ←  epub, pdf  ←  __main__
"""
