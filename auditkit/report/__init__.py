"""From the one result to HTML: charts, tables, sentences, in the reader's language."""
