# What is derived from the Cox models of cox.R without offset: tests of proportional hazards, Schoenfeld residuals,
# baseline hazards, predicted and adjusted survival.
proportional <- function(cell, how, fit) {
  scales <- if (cell$variant %in% c("plain", "delayed", "heavy fractional")) c("km", "identity", "log") else "km"
  for (scale in scales) {
    z <- cox.zph(fit, transform = scale)$table[, "chisq"]
    put("proportional", cell, how[c("strata", "ties")], scale = scale, as.list(z[TERMS]), global = z[["GLOBAL"]])
  }
}

# Residuals by stratum and time, times weight: R's own weighted ones take weights in the order of the rows (3.5-3). All
# of them for two small data sets; of the others the sum of each times its place, which every value and the order move.
schoenfeld <- function(cell, how, fit, d) {
  d <- d[if (how$strata) order(d$stratum, d$exit, -d$event) else order(d$exit, -d$event), ]
  weight <- d$w[d$event == 1]
  raw <- residuals(fit, "schoenfeld") * weight
  v <- if (is.null(fit$naive.var)) vcov(fit) else fit$naive.var
  scaled <- rep(coef(fit), each = nrow(raw)) + nrow(raw) * raw %*% v
  if (all(weight == 1)) stopifnot(all.equal(scaled, residuals(fit, "scaledsch"), check.attributes = FALSE))
  place <- seq_len(nrow(raw))
  named <- function(name, values) setNames(as.list(values), paste0(name, 1:3))
  put("schoenfeld", cell, how[c("strata", "ties")], n_events = nrow(raw), named("raw", colSums(raw * place)),
      named("scaled", colSums(scaled * place)))
  if (cell$data %in% c("veteran", "cgd") && cell$variant == "sampling" && how$ties == "efron")
    put("residuals", cell, how["strata"], place = place, named("raw", as.data.frame(raw)))
}

# The first stratum's baseline hazard and what it predicts for one person; everybody's curves with group set to its
# lowest or highest value, averaged. R warns of a stratum with one time.
derived_curves <- function(cell, how, fit, d) {
  at <- tail(grid(d), 2)
  base <- suppressWarnings(basehaz(fit, centered = FALSE))
  codes <- if (how$strata) match(d$stratum, sort(unique(d$stratum))) else rep(1, nrow(d))
  base$code <- if (how$strata) match(sub("stratum=", "", base$strata), sort(unique(d$stratum))) else 1
  read <- function(k) with(base[base$code == k, ], c(0, hazard)[findInterval(at, time) + 1])
  hazard <- sapply(sort(unique(codes)), read)
  one <- data.frame(group = max(d$group), age = round(mean(d$age)), x2 = round(mean(d$x2)), stratum = min(d$stratum))
  curve <- suppressWarnings(survfit(fit, one, se.fit = FALSE))
  predicted <- summary(curve, times = at, extend = TRUE)$surv
  adjusted <- sapply(range(d$group), function(g) {
    risk <- exp(drop(cbind(g, d$age, d$x2) %*% coef(fit)))
    apply(exp(-hazard[, codes] * rep(risk, each = length(at))), 1, weighted.mean, w = d$w)
  })
  put("cox_curves", cell, how[c("strata", "ties")], time = at, hazard = hazard[, 1], predicted = predicted,
      lowest = adjusted[, 1], highest = adjusted[, 2])
}

each_cell(function(cell, d) for (i in seq_len(nrow(WAYS))) {
  how <- WAYS[i, ]
  fit <- cox(d, cell, how)
  proportional(cell, how, fit)
  schoenfeld(cell, how, fit, d)
  derived_curves(cell, how, fit, d)
}, replicate = FALSE)
