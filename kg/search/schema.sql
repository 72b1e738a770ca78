-- One row is one thing that can be found.
CREATE TABLE thing (
  number INTEGER PRIMARY KEY,
  iri TEXT NOT NULL,
  kind TEXT NOT NULL,        -- kg.search.kinds
  countries TEXT NOT NULL,   -- JSON: codes of the covered countries it belongs to
  years TEXT NOT NULL,       -- JSON: the years in which something happened to it
  names TEXT NOT NULL,       -- JSON: [name, language] of each, the English ones first
  folded TEXT NOT NULL,      -- JSON: each name and then each identifier, normalised
  body TEXT NOT NULL,        -- JSON: [text, language] of each text about it
  body_words TEXT NOT NULL   -- the normalised words of those texts, with their stems
);

-- What names a thing and nothing else: its IRI, identifier, number, and each name, normalised.
CREATE TABLE exact (word TEXT NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (word, thing)) WITHOUT ROWID;

-- The words by which it is found.
CREATE VIRTUAL TABLE words USING fts5 (names, body, content = '', tokenize = 'ascii', prefix = '2 3 4');

-- Every word by its parts of three letters, to find the one that was misspelt.
CREATE VIRTUAL TABLE spelling USING fts5 (word, tokenize = 'trigram', detail = 'none');
