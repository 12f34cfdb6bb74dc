# What R 4.2.2 with survival 3.5-3 prints where evalkit.survival differs on purpose; to be run in tests/reference.
# The right values are in test_survival_conventions.py and test_survival_by_hand.py.
library(survival)

time <- c(1, 1, 2, 2, 3, 3, 4, 4)
status <- factor(c(1, 1, 2, 2, 0, 0, 1, 1), 0:2)
pair <- c(1, 1, 2, 2, 3, 3, 4, 4)
states <- survfit(Surv(time, status) ~ 1, id = 1:8, cluster = pair)
print(summary(states, times = 2)$std.err[1])                         # .1767767: clusters are ignored

leave <- c(1, 1, 2, 2, 4, 4, 4, 4)
curve <- survfit(Surv(leave, rep(1, 8)) ~ 1, cluster = pair)
print(summary(curve, rmean = 4)$table[c("rmean", "se(rmean)")])      # 2.75, .4592793: Greenwood

repeated <- data.frame(
  id = c("a", "a", "a", "b", "c", "c", "d"), entry = c(0, 1, 4, 0, 0, 3, 0), exit = c(1, 4, 5, 2, 3, 5, 3),
  event = c(1, 1, 0, 0, 1, 0, 0)
)
count <- survfit(Surv(entry, exit, event) ~ 1, data = repeated, id = id)
print(summary(count, times = 4)$cumhaz)                              # 1.083333: death as censoring

day <- c(4, 3, 2, 1); x <- c(1, 0, 1, 0); w <- c(11, 22, 33, 6)
fit <- coxph(Surv(day, rep(1, 4)) ~ x, weights = w)
print(residuals(fit, "schoenfeld", weighted = TRUE))                 # -6.722, 7.333, -11, 0: the weights of other rows

source("r/cells.R")
d <- make(subset(cells(), data == "lung" & variant == "sampling cluster"))
curve <- survfit(Surv(exit, event) ~ group, d, weights = w, cluster = cluster, conf.type = "log-log")
print(quantile(curve, .25)$upper[1])                                 # 183, though the limit is below .75 from 179 on
print(with(curve[1], range(time[which(upper < .75)])))
