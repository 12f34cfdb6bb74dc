# The matrix: each data set with weights, clusters, late entries and heavy ties. survival_matrix.py does the same.
suppressMessages({library(survival); library(cmprsk)})
options(digits = 17, warn = 2)

DATA_SETS <- c("rossi", "recid", "lung", "veteran", "colon", "pbc", "mgus2", "cgd")
VARIANTS <- read.csv("values/variants.csv")
PLAIN_AND_ALL <- c("plain", "heavy delayed sampling cluster")

# cgd has entries of its own, so its delayed variants would be the others again.
cells <- function() {
  all <- merge(data.frame(data = DATA_SETS), VARIANTS)
  all[!(all$data == "cgd" & startsWith(all$variant, "delayed")), ]
}

# Whole case weights are replicated rows, so that R's variances mean the same as ours.
make <- function(cell, replicate = TRUE) {
  d <- read.csv(file.path("data", paste0(cell$data, ".csv")))
  i <- seq_len(nrow(d))
  if (is.null(d$cause)) d$cause <- d$event * (1 + (i %/% 2) %% 3)
  d$case <- 1 + (i * 7) %% 3                # 1, 2, 3
  d$sampling <- 0.25 + ((i * 13) %% 11) / 4 # .25 ... 2.75
  d$offset <- ((i * 3) %% 7) / 8            # 0 ... .75
  d$cluster <- if (is.null(d$id)) (i * 5) %% 40 else d$id
  own <- !is.null(d$entry)
  if (!own) d$entry <- if (cell$delayed) (d$exit * ((i %/% 3) %% 3)) %/% 4 else 0
  if (cell$heavy) {
    step <- ceiling(max(d$exit) / 8)
    d$exit <- ceiling(d$exit / step)
    d$entry <- ceiling(d$entry / step)
    d <- d[d$entry < d$exit, ]
  }
  d$late <- own || cell$delayed
  if (replicate && grepl("case", cell$weight)) d <- d[rep(seq_len(nrow(d)), d$case), ]
  d$row <- seq_len(nrow(d))
  d$w <- if (grepl("sampling|fractional", cell$weight)) d$sampling else 1
  if (!replicate && grepl("case", cell$weight)) d$w <- d$w * d$case
  d
}
robust <- function(cell) grepl("sampling", cell$weight) || cell$cluster == 1
owner <- function(cell, d) if (cell$cluster) d$cluster else d$row
horizon <- function(d) floor(0.6 * max(d$exit)) + 0.5
grid <- function(d) unique(unname(quantile(d$exit[d$event == 1], c(.25, .6, .95), type = 1)))
groups <- function(names) as.integer(sub(".*=", "", names))

# Eleven digits, three more than the comparison needs; NA where R has no such value.
TABLES <- list()
put <- function(table, cell, ...) {
  row <- data.frame(data = cell$data, variant = cell$variant, ..., row.names = NULL)
  TABLES[[table]] <<- c(TABLES[[table]], list(row))
}
write_tables <- function() for (name in names(TABLES)) {
  table <- do.call(rbind, TABLES[[name]])
  numbers <- vapply(table, is.double, TRUE)
  table[numbers] <- lapply(table[numbers], signif, 11)
  write.csv(table, file.path("values", paste0(name, ".csv")), row.names = FALSE, quote = FALSE)
}
each_cell <- function(f, which = cells(), replicate = TRUE)
  for (i in seq_len(nrow(which))) f(which[i, ], make(which[i, ], replicate))
