targets <- read.csv("http://127.0.0.1:8000/query/targets.csv", encoding = "UTF-8")
print(table(targets$countryLabel, targets$stateLabel))
