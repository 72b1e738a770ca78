-- The things that one of some words names.
SELECT thing.iri, thing.kind, thing.countries, thing.years, thing.names, thing.folded, thing.body, thing.body_words
FROM exact JOIN thing ON thing.number = exact.thing
WHERE exact.word IN (SELECT value FROM json_each(:words))
  AND (:kinds IS NULL OR thing.kind IN (SELECT value FROM json_each(:kinds)))
  AND (:countries IS NULL OR EXISTS (
    SELECT 1 FROM json_each(thing.countries) AS one WHERE one.value IN (SELECT value FROM json_each(:countries))))
  AND (:first_year IS NULL OR EXISTS (
    SELECT 1 FROM json_each(thing.years) AS one WHERE one.value BETWEEN :first_year AND :last_year))
ORDER BY thing.number
LIMIT :size;
