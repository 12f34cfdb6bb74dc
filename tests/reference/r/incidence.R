# Cumulative incidence of each cause. R's standard error is the infinitesimal jackknife; it ignores `cluster` when there
# are several states (3.5-3), so with clusters it is summed here from R's own residuals. `aalen` is cmprsk's, which has
# neither weights nor late entries. For fractional case weights R has no standard error.
incidences <- function(d) {
  d$state <- factor(d$cause, 0:max(d$cause))
  f <- if (d$late[1]) Surv(entry, exit, state) ~ group else Surv(exit, state) ~ group
  do.call(survfit, list(f, d, weights = d$w, id = d$row)) # residuals() reads the call again, elsewhere
}
# What rows or clusters add, squared and summed: one value a group
jackknife <- function(d, cell, residual) sapply(sort(unique(d$group)), function(g) {
  mine <- d$group == g
  sqrt(sum(rowsum(d$w[mine] * residual[mine], owner(cell, d)[mine])^2))
})

each_cell(function(cell, d) {
  at <- grid(d)
  s <- summary(incidences(d), times = at, extend = TRUE)
  moves <- residuals(incidences(d), times = at, type = "pstate")
  for (j in seq_along(at)[-1]) for (k in seq_len(max(d$cause))) {
    row <- s$time == at[j]
    error <- jackknife(d, cell, moves[, j, k + 1])
    if (!cell$cluster) stopifnot(all.equal(error, s$std.err[row, k + 1], tolerance = 1e-10))
    aalen <- NA
    if (!d$late[1] && !cell$cluster && cell$weight %in% c("none", "case")) {
      all <- timepoints(with(d, cuminc(exit, cause, group)), at[j])
      aalen <- sqrt(all$var[paste(sort(unique(d$group)), k), ])
    }
    put("incidence", cell, group = groups(s$strata[row]), cause = k, time = at[j], estimate = s$pstate[row, k + 1],
        std_error = if (cell$weight == "fractional") NA else error, aalen = aalen)
  }
  # R makes limits for the incidence itself, the engine for its complement: R's function, applied to that
  if (cell$variant %in% PLAIN_AND_ALL) for (type in c("log-log", "log", "plain", "arcsin", "logit")) {
    error <- jackknife(d, cell, moves[, j, 2])
    limits <- survival:::survfit_confint(1 - s$pstate[row, 2], error, FALSE, type, .95)
    put("incidence_intervals", cell, conf_type = sub("arcsin", "arcsine", type), group = groups(s$strata[row]),
        time = at[j], conf_low = 1 - limits$upper, conf_high = 1 - limits$lower)
  }
})
