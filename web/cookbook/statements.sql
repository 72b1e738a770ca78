SELECT property, count(*) AS statements
FROM (
  SELECT subject_id, property, value, count(DISTINCT source_id) AS sources
  FROM 'statements.parquet'
  WHERE accepted
  GROUP BY ALL
)
WHERE sources >= 2
GROUP BY property
ORDER BY statements DESC;
