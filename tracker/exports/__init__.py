"""Every list as a file: the same rows as on its page, as a workbook or CSV, with the reader's rights and words."""
