curl --fail --silent --show-error --get "http://127.0.0.1:8000/sparql" \
  --header "Accept: text/csv" \
  --data-urlencode "query=
SELECT ?law ?name ?claim ?source WHERE {
  ?law a aip:Law ; rdfs:label ?name .
  GRAPH ?claim { ?step aip:of ?law }
  GRAPH graph:sources { ?claim aip:inPassage/aip:inSource/schema:url ?source }
  FILTER(LANG(?name) = 'en')
} ORDER BY ?name LIMIT 20"
