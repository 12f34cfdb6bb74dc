# Mean count of events where nothing ends it: Nelson and Aalen's sum, with the variance by person or larger cluster (in
# cgd the hospital). Elsewhere a person has one event at most. mean_cumulative_count() takes no case weights.
each_cell(function(cell, d) {
  person <- if (is.null(d$id)) d$row else d$id
  larger <- if (is.null(d$id)) d$cluster else d$center
  d$owner <- if (cell$cluster) larger else person
  fit <- survfit(Surv(entry, exit, event) ~ group, d, weights = w, id = row, cluster = owner)
  s <- summary(fit, times = grid(d), extend = TRUE)
  put("recurrent", cell, group = groups(s$strata), time = s$time, estimate = s$cumhaz, std_error = s$std.chaz)
}, subset(cells(), !grepl("case|fractional", weight)))
