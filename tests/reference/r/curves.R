# Kaplan-Meier curves: estimate, standard error, limits and counts on a grid; quantiles; interval scales.
curves <- function(d, cell, conf.type = "log-log") {
  f <- if (d$late[1]) Surv(entry, exit, event) ~ group else Surv(exit, event) ~ group
  if (robust(cell)) survfit(f, d, weights = w, id = row, cluster = owner(cell, d), conf.type = conf.type)
  else survfit(f, d, weights = w, id = row, robust = FALSE, conf.type = conf.type)
}

at_grid <- function(fit, d) {
  s <- summary(fit, times = grid(d), extend = TRUE)
  inside <- s$surv > 0 & s$surv < 1 # at 0 and 1 the engine has a one-sided interval, R has none
  stopifnot(s$time <= tapply(d$exit, d$group, max)[as.character(groups(s$strata))]) # nothing is extrapolated
  data.frame(group = groups(s$strata), time = s$time, estimate = s$surv, std_error = s$std.err,
             conf_low = ifelse(inside, s$lower, NA), conf_high = ifelse(inside, s$upper, NA))
}

# Counts straight from their definition: persons, also when curves have sampling weights.
counts <- function(d, cell, rows) t(mapply(function(g, t) with(d[d$group == g, ], {
  here <- entry < t & t <= exit
  n <- if (cell$weight == "fractional") w else rep(1, length(w))
  c(n_at_risk = sum(n[here]), n_events = sum(n[exit <= t & event == 1]), n_censored = sum(n[exit <= t & event == 0]),
    effective_at_risk = if (grepl("sampling", cell$weight)) sum(w[here])^2 / sum(w[here]^2) else NA)
}), rows$group, rows$time))

# Robust limits may rise again, and R's quantile() then misreads them: they are read here from the limits themselves.
quantiles <- function(fit, p, robust) {
  q <- quantile(fit, p)
  found <- data.frame(group = groups(rownames(q$quantile)), estimate = q$quantile[, 1], conf_low = q$lower[, 1],
                      conf_high = q$upper[, 1])
  if (robust) for (i in seq_along(fit$strata)) {
    one <- fit[i]
    found$conf_low[i] <- one$time[which(one$lower < 1 - p)[1]]
    found$conf_high[i] <- one$time[max(which(one$upper > 1 - p), 0) + 1]
  }
  found
}

each_cell(function(cell, d) {
  fit <- curves(d, cell)
  rows <- at_grid(fit, d)
  put("curves", cell, rows, counts(d, cell, rows))
  for (p in c(.25, .5)) put("quantiles", cell, probability = p, quantiles(fit, p, robust(cell)))
  if (cell$variant %in% PLAIN_AND_ALL) for (type in c("log", "plain", "arcsin", "logit")) {
    rows <- at_grid(curves(d, cell, type), d)
    put("intervals", cell, conf_type = sub("arcsin", "arcsine", type), rows[c("group", "time")],
        rows[c("conf_low", "conf_high")])
  }
})
