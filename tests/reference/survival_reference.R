# Reference values for evalkit.survival, from R 4.2.2 with survival 3.5-3 and cmprsk 2.2-11: data/*.csv, values/*.csv.
# Run from anywhere, a minute: Rscript tests/reference/survival_reference.R
script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
setwd(dirname(normalizePath(script)))
for (part in c("data", "cells", "curves", "incidence", "means", "tests", "recurrent", "cox", "cox_derived"))
  source(file.path("r", paste0(part, ".R")))
write_tables()
