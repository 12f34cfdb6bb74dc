# Cox models: coefficients, both covariances, likelihoods, tests, concordance. Case weights are R's weights here: with
# Efron's ties they are not replicated rows.
TIGHT <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50)
TERMS <- c("group", "age", "x2")

cox <- function(d, cell, how) {
  f <- Surv(entry, exit, event) ~ group + age + x2
  if (how$strata) f <- update(f, . ~ . + strata(stratum))
  if (how$offset) f <- update(f, . ~ . + offset(offset))
  if (robust(cell)) coxph(f, d, weights = w, cluster = owner(cell, d), ties = how$ties, control = TIGHT)
  else coxph(f, d, weights = w, robust = FALSE, ties = how$ties, control = TIGHT)
}
triangle <- function(name, v) {
  v <- if (is.null(v)) matrix(NA, 3, 3) else v
  setNames(as.list(v[upper.tri(v, diag = TRUE)]), paste0(name, c("11", "12", "22", "13", "23", "33")))
}

# With and without strata, both ties; for two variants also with an offset.
WAYS <- data.frame(strata = c(0, 0, 1, 1), offset = 0, ties = c("efron", "breslow"))
each_cell(function(cell, d) {
  ways <- if (cell$variant %in% PLAIN_AND_ALL) rbind(WAYS, transform(WAYS[3:4, ], offset = 1)) else WAYS
  for (i in seq_len(nrow(ways))) {
    fit <- cox(d, cell, ways[i, ])
    put("cox", cell, ways[i, ], as.list(setNames(coef(fit), paste0("b", 1:3))), triangle("v", vcov(fit)),
        triangle("naive", fit$naive.var), null = fit$loglik[1], model = fit$loglik[2], ratio = 2 * diff(fit$loglik),
        score = fit$score, wald = fit$wald.test, concordance = fit$concordance[["concordance"]])
  }
}, replicate = FALSE)
