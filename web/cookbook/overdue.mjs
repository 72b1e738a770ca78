const answer = await fetch("http://127.0.0.1:8000/query/overdue.rows");
const targets = await answer.json();
const byCountry = Object.groupBy(targets, (target) => target.countryLabel);
console.log(Object.entries(byCountry).map(([country, rows]) => `${country}: ${rows.length}`).join("\n"));
