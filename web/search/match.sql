-- The things whose words match, the most relevant first; a name counts five times what is said of the thing.
SELECT thing.iri, thing.kind, thing.countries, thing.years, thing.names, thing.folded, thing.body, thing.body_words,
       bm25(words, 5.0, 1.0) AS relevance
FROM words JOIN thing ON thing.number = words.rowid
WHERE words MATCH :words
  AND (:kinds IS NULL OR thing.kind IN (SELECT value FROM json_each(:kinds)))
  AND (:countries IS NULL OR EXISTS (
    SELECT 1 FROM json_each(thing.countries) AS one WHERE one.value IN (SELECT value FROM json_each(:countries))))
  AND (:first_year IS NULL OR EXISTS (
    SELECT 1 FROM json_each(thing.years) AS one WHERE one.value BETWEEN :first_year AND :last_year))
ORDER BY relevance, thing.number
LIMIT :size;
