# Tests of the log-rank family, and Gray's. survdiff has neither weights nor late entries: there the statistic is worked
# out from its definition, and held to survdiff where both can be had and to mantelhaen.test (base R) with late entries.
# Robust ones are the robust score test of a Cox model with Breslow's ties, which is a log-rank test; it knows no rho.
by_definition <- function(d, rho) {
  score <- 0; variance <- 0; observed <- 0
  for (s in split(d, d$block)) {
    ahead <- 1
    for (t in sort(unique(s$exit[s$event == 1]))) {
      here <- s$entry < t & t <= s$exit
      n <- tapply(s$w * here, s$g, sum, default = 0)
      events <- tapply(s$w * (here & s$exit == t & s$event == 1), s$g, sum, default = 0)
      a <- ahead^rho
      p <- n / sum(n)
      score <- score + a * (events - sum(events) * p)
      observed <- observed + a * events
      if (sum(n) > 1) variance <- variance +
        a^2 * sum(events) * (sum(n) - sum(events)) / (sum(n) - 1) * (diag(p) - outer(p, p))
      ahead <- ahead * (1 - sum(events) / sum(n))
    }
  }
  list(score = score, observed = observed, variance = variance)
}
chi_squared <- function(u, v) drop(u[-1] %*% solve(v[-1, -1], u[-1]))
trend <- function(u, v) { s <- seq_along(u); sum(s * u)^2 / drop(s %*% v %*% s) }
mantel_haenszel <- function(d) {
  tables <- list()
  for (s in split(d, d$block)) for (t in sort(unique(s$exit[s$event == 1]))) {
    here <- s$entry < t & t <= s$exit
    happened <- factor(s$exit[here] == t & s$event[here] == 1, c(FALSE, TRUE))
    if (sum(here) > 1) tables <- c(tables, list(table(s$g[here], happened)))
  }
  unname(mantelhaen.test(simplify2array(tables), correct = FALSE)$statistic)
}
score_test <- function(d, cell, f)
  coxph(f, d, weights = w, cluster = owner(cell, d), ties = "breslow")$rscore

each_cell(function(cell, d) for (strata in 0:1) for (rho in c(0, 0.5)) {
  d$g <- factor(d$group)
  d$block <- if (strata) d$stratum else 1
  own <- by_definition(d, rho)
  statistic <- chi_squared(own$score, own$variance)
  over_scores <- trend(own$score, own$variance)
  if (robust(cell)) {
    statistic <- if (rho) NA else score_test(d, cell, Surv(entry, exit, event) ~ g + strata(block))
    over_scores <- if (rho) NA else score_test(d, cell, Surv(entry, exit, event) ~ group + strata(block))
  } else if (!d$late[1] && cell$weight %in% c("none", "case")) {
    fit <- survdiff(Surv(exit, event) ~ g + strata(block), d, rho = rho)
    stopifnot(all.equal(statistic, fit$chisq, tolerance = 1e-10),
              all.equal(as.vector(own$observed), unname(rowSums(as.matrix(fit$obs))), tolerance = 1e-10))
    statistic <- fit$chisq
  } else if (rho == 0 && cell$weight != "fractional")
    stopifnot(all.equal(statistic, mantel_haenszel(d), tolerance = 1e-10))
  put("log_rank", cell, strata = strata, rho = rho, statistic = statistic, trend = over_scores,
      observed = own$observed[[1]], expected = own$observed[[1]] - own$score[[1]])
})

# cuminc has neither weights nor late entries; its own p-values are 1 - pchisq, which is 0 where they are small
each_cell(function(cell, d) for (by in c("group", "stratum")) for (rho in 0:1) {
  fit <- cuminc(d$exit, d$cause, d[[by]], rho = rho)$Tests
  p_value <- pchisq(fit[, "stat"], fit[, "df"], lower.tail = FALSE)
  put("gray", cell, by = by, cause = as.integer(rownames(fit)), rho = rho, statistic = fit[, "stat"], p_value = p_value)
}, subset(cells(), data != "cgd" & variant %in% c("plain", "case", "heavy")))
