# Restricted mean time free of the event, and lost to each cause, to a horizon between two times. R's se(rmean) is
# always Greenwood's; robust standard errors are summed from R's residuals of the time in each state, state 1 being
# event-free. For time lost R 3.5-3 prints no standard error, so there all are.
each_cell(function(cell, d) {
  h <- horizon(d)
  s <- summary(curves(d, cell), rmean = h)$table
  greenwood <- unname(s[, "se(rmean)"])
  moves <- residuals(incidences(transform(d, cause = event)), times = h, type = "auc")
  error <- jackknife(d, cell, moves[, 1])
  if (!d$late[1] && cell$variant %in% c("plain", "heavy")) stopifnot(all.equal(error, greenwood, tolerance = 1e-10))
  put("means", cell, group = groups(rownames(s)), cause = 0, estimate = s[, "rmean"],
      std_error = if (robust(cell)) error else greenwood)

  fit <- incidences(d)
  s <- summary(fit, rmean = h)$table
  moves <- residuals(fit, times = h, type = "auc")
  for (k in seq_len(max(d$cause))) {
    rows <- grep(paste0(", ", k, "$"), rownames(s))
    put("means", cell, group = groups(sub(",.*", "", rownames(s)[rows])), cause = k, estimate = s[rows, "rmean"],
        std_error = if (cell$weight == "fractional") NA else jackknife(d, cell, moves[, k + 1]))
  }
})
