# Reference values for evalkit.survival, from R 4.2.2, survival 3.5-3 and cmprsk 2.2-11.
# Run in this folder: Rscript survival_reference.R
# Data sets go to data/*.csv (public, from package survival), values to survival_reference.csv:
# case, item, key, value, one number a row with 15 digits.
suppressMessages({library(survival); library(cmprsk)})
options(digits = 17, warn = 2)
out <- list()
# Every nth row of a long curve, the last one always: the values are cumulative, so an error anywhere would show.
thin <- function(n) unique(c(round(seq(1, n, length.out = min(n, 14))), n))
put <- function(case, item, key, value) {
  n <- max(length(key), length(value))
  out[[length(out) + 1]] <<- data.frame(case = case, item = item, key = rep_len(as.character(key), n),
                                        value = rep_len(as.numeric(value), n))
}

# Data: whole numbers, no missing values in the columns used, weights made here so that both sides have the same.
keep <- function(name, d) {
  i <- seq_len(nrow(d))
  d$cw <- 1 + (i * 7) %% 3                 # whole case weights 1, 2, 3
  d$sw <- 0.25 + ((i * 13) %% 11) / 4      # fractional weights .25 ... 2.75
  d$cl <- (i * 5) %% 40                    # forty made-up clusters
  write.csv(d, file.path("data", paste0(name, ".csv")), row.names = FALSE)
  d
}
lung <- keep("lung", with(na.omit(survival::lung[c("time", "status", "age", "sex", "ph.ecog", "inst")]),
  data.frame(exit = time, entry = time %/% 3, event = status - 1, group = sex, stratum = ph.ecog, age = age, inst = inst)))
veteran <- keep("veteran", with(survival::veteran,
  data.frame(exit = time, event = status, group = trt, stratum = as.integer(celltype), age = age, karno = karno)))
colon <- keep("colon", with(subset(survival::colon, etype == 2),
  data.frame(exit = time, event = status, group = as.integer(rx), stratum = extent, age = age, sex = sex)))
heavy <- colon; heavy$exit <- heavy$exit %/% 180 + 1; heavy <- keep("colon_half_years", heavy[c("exit","event","group","stratum","age","sex")])
pbc <- keep("pbc", with(subset(survival::pbc, !is.na(trt)),
  data.frame(exit = time, event = as.integer(status == 2), event2 = status, group = trt, stratum = stage, age = round(age), bili10 = round(10 * bili))))
mgus2 <- keep("mgus2", with(survival::mgus2, {
  e <- ifelse(pstat == 1, 1, ifelse(death == 1, 2, 0)); x <- ifelse(pstat == 1, ptime, futime)
  data.frame(exit = x, event = e, group = sex, stratum = as.integer(age > 70), age = age)}))
cgd <- keep("cgd", with(survival::cgd,
  data.frame(id = id, entry = tstart, exit = tstop, event = status, group = as.integer(treat), stratum = as.integer(sex), age = age)))
cgd$cl <- cgd$id

curve <- function(case, fit) {
  s <- summary(fit, censored = TRUE)
  g <- if (is.null(s$strata)) rep("all", length(s$time)) else sub(".*=", "", as.character(s$strata))
  key <- paste(g, s$time)
  few <- thin(length(key))
  put(case, "estimate", key[few], s$surv[few])
  put(case, "std_error", key[few], s$std.err[few])
  put(case, "n_at_risk", key[few], s$n.risk[few])
  inside <- intersect(which(s$surv > 0 & s$surv < 1), few)   # at 0 and 1 the engine has a one-sided interval, R has none
  put(case, "conf_low", key[inside], s$lower[inside])
  put(case, "conf_high", key[inside], s$upper[inside])
}
for (name in c("lung", "veteran", "colon", "colon_half_years", "pbc")) {
  d <- get(if (name == "colon_half_years") "heavy" else name)
  curve(paste0("km ", name), survfit(Surv(exit, event) ~ group, d, conf.type = "log-log"))
  curve(paste0("km case weight ", name), survfit(Surv(exit, event) ~ group, d, weights = cw, robust = FALSE, conf.type = "log-log"))
  curve(paste0("km fractional weight ", name), survfit(Surv(exit, event) ~ group, d, weights = sw, robust = FALSE, conf.type = "log-log"))
}
for (type in c("log", "plain", "arcsin", "logit"))
  curve(paste0("km ", type, " lung"), survfit(Surv(exit, event) ~ group, lung, conf.type = type))
late <- subset(lung, entry < exit)
curve("km delayed lung", survfit(Surv(entry, exit, event) ~ group, late, conf.type = "log-log"))
curve("km delayed case weight lung", survfit(Surv(entry, exit, event) ~ group, late, weights = cw, robust = FALSE, conf.type = "log-log"))
curve("km delayed cgd", survfit(Surv(entry, exit, event) ~ group, cgd, conf.type = "log-log", robust = FALSE))

# Cumulative incidence
states <- function(case, fit, causes = 2) {
  s <- summary(fit, censored = TRUE)
  g <- if (is.null(s$strata)) rep("all", length(s$time)) else sub(".*=", "", as.character(s$strata))
  for (k in seq_len(causes)) {
    key <- paste(g, s$time, k)
    few <- thin(length(key))
    put(case, "estimate", key[few], s$pstate[few, k + 1])
    put(case, "std_error", key[few], s$std.err[few, k + 1])
  }
}
mg <- mgus2; mg$state <- factor(mg$event, 0:2)
states("aj mgus2", survfit(Surv(exit, state) ~ group, mg))
states("aj overall mgus2", survfit(Surv(exit, state) ~ 1, mg))
ci <- cuminc(mg$exit, mg$event)
at <- timepoints(ci, c(24, 120, 240, 360))
for (k in 1:2) {
  put("cuminc mgus2", "estimate", paste("all", c(24, 120, 240, 360), k), at$est[k, ])
  put("cuminc mgus2", "variance", paste("all", c(24, 120, 240, 360), k), at$var[k, ])
}
gr <- cuminc(mg$exit, mg$event, mg$group)
put("gray mgus2", "statistic", 1:2, gr$Tests[, "stat"])
put("gray mgus2", "p_value", 1:2, gr$Tests[, "pv"])

# Robust variances. For single-event curves R takes the weights as sampling weights and sums over clusters. For several
# states it ignores `cluster` (3.5-3), so only weights and delayed entry are compared; clusters are tested by hand.
for (name in c("lung", "veteran", "colon", "colon_half_years", "pbc")) {
  d <- get(if (name == "colon_half_years") "heavy" else name)
  curve(paste0("km sampling weight ", name), survfit(Surv(exit, event) ~ group, d, weights = sw, robust = TRUE, conf.type = "log-log"))
  curve(paste0("km cluster ", name), survfit(Surv(exit, event) ~ group, d, cluster = cl, conf.type = "log-log"))
  curve(paste0("km sampling weight cluster ", name), survfit(Surv(exit, event) ~ group, d, weights = sw, cluster = cl, conf.type = "log-log"))
}
late$id <- seq_len(nrow(late))
curve("km robust delayed lung", survfit(Surv(entry, exit, event) ~ group, late, weights = sw, id = id, robust = TRUE, conf.type = "log-log"))
curve("km cluster delayed lung", survfit(Surv(entry, exit, event) ~ group, late, weights = sw, cluster = cl, conf.type = "log-log"))
curve("km cluster cgd", survfit(Surv(entry, exit, event) ~ group, cgd, cluster = id, conf.type = "log-log"))
states("aj sampling weight mgus2", survfit(Surv(exit, state) ~ group, mg, weights = sw))
mgl <- mg; mgl$entry <- mgl$exit %/% 4; mgl <- subset(mgl, entry < exit); mgl$id <- seq_len(nrow(mgl))
states("aj delayed mgus2", survfit(Surv(entry, exit, state) ~ group, mgl, id = id))
states("aj delayed sampling weight mgus2", survfit(Surv(entry, exit, state) ~ group, mgl, id = id, weights = sw))
rm_states <- function(case, fit, horizon) {
  s <- summary(fit, rmean = horizon)$table
  put(case, "estimate", rownames(s), s[, "rmean"])
  if ("se(rmean)" %in% colnames(s)) put(case, "std_error", rownames(s), s[, "se(rmean)"])
}
rm_states("rmtl mgus2 240", survfit(Surv(exit, state) ~ 1, mg), 240)
rm_states("rmtl sampling weight mgus2 240", survfit(Surv(exit, state) ~ 1, mg, weights = sw), 240)
mg$third <- (mg$age > 65) + (mg$age > 75)
for (rho in c(0, 1)) {
  three <- cuminc(mg$exit, mg$event, mg$third, rho = rho)
  put(paste("gray thirds", rho), "statistic", 1:2, three$Tests[, "stat"])
}

# Log-rank
test <- function(case, fit) {
  put(case, "statistic", "all", fit$chisq)
  put(case, "observed", seq_along(fit$n), if (is.matrix(fit$obs)) rowSums(fit$obs) else fit$obs)
  put(case, "expected", seq_along(fit$n), if (is.matrix(fit$exp)) rowSums(fit$exp) else fit$exp)
}
for (name in c("lung", "veteran", "colon", "colon_half_years", "pbc")) {
  d <- get(if (name == "colon_half_years") "heavy" else name)
  test(paste0("log-rank ", name), survdiff(Surv(exit, event) ~ group, d))
  test(paste0("log-rank strata ", name), survdiff(Surv(exit, event) ~ group + strata(stratum), d))
  test(paste0("log-rank rho ", name), survdiff(Surv(exit, event) ~ group, d, rho = 1))
  test(paste0("log-rank rho strata ", name), survdiff(Surv(exit, event) ~ group + strata(stratum), d, rho = 0.5))
  fit <- survdiff(Surv(exit, event) ~ group, d)
  s <- seq_along(fit$n)
  put(paste0("log-rank trend ", name), "statistic", "all", sum(s * (fit$obs - fit$exp))^2 / drop(s %*% fit$var %*% s))
  # the robust score test of Cox's model with Breslow's ties is the log-rank test with robust variance
  fit <- coxph(Surv(exit, event) ~ factor(group), d, weights = sw, cluster = cl, ties = "breslow")
  put(paste0("log-rank robust cluster ", name), "statistic", "all", fit$rscore)
  fit <- coxph(Surv(exit, event) ~ factor(group) + strata(stratum), d, weights = sw, robust = TRUE, ties = "breslow")
  put(paste0("log-rank robust strata ", name), "statistic", "all", fit$rscore)
}

# Restricted mean
mean_time <- function(case, fit, horizon) {
  s <- summary(fit, rmean = horizon)$table
  g <- sub(".*=", "", rownames(s))
  put(case, "estimate", g, s[, "rmean"]); put(case, "std_error", g, s[, "se(rmean)"])
}
mean_time("rmst lung 365", survfit(Surv(exit, event) ~ group, lung), 365)
mean_time("rmst pbc 3652.5", survfit(Surv(exit, event) ~ group, pbc), 3652.5)
mean_time("rmst colon 1825", survfit(Surv(exit, event) ~ group, colon), 1825)
mean_time("rmst case weight colon 1825", survfit(Surv(exit, event) ~ group, colon, weights = cw, robust = FALSE), 1825)

# Cox
model <- function(case, fit, terms) {
  put(case, "coefficient", terms, coef(fit))
  put(case, "covariance", paste(rep(terms, length(terms)), rep(terms, each = length(terms))), as.vector(vcov(fit)))
  put(case, "log_likelihood", c("null", "model"), fit$loglik)
  put(case, "score", "all", fit$score)
  put(case, "wald", "all", fit$wald.test)
  if (!is.null(fit$naive.var))
    put(case, "naive", paste(rep(terms, length(terms)), rep(terms, each = length(terms))), as.vector(fit$naive.var))
  put(case, "concordance", "all", fit$concordance["concordance"])
}
tight <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 50)
data_of <- list(lung = lung, veteran = veteran, colon = colon, colon_half_years = heavy, pbc = pbc)
second <- c(lung = "stratum", veteran = "karno", colon = "sex", colon_half_years = "sex", pbc = "bili10")
for (name in names(data_of)) for (ties in c("efron", "breslow")) {
  d <- data_of[[name]]; d$x2 <- d[[second[[name]]]]; t <- c("group", "age", "x2")
  f <- Surv(exit, event) ~ group + age + x2
  model(paste("cox", ties, name), coxph(f, d, ties = ties, control = tight), t)
  model(paste("cox", ties, "fractional weight", name), coxph(f, d, weights = sw, robust = FALSE, ties = ties, control = tight), t)
  model(paste("cox", ties, "robust", name), coxph(f, d, weights = sw, robust = TRUE, ties = ties, control = tight), t)
  model(paste("cox", ties, "cluster", name), coxph(f, d, weights = sw, cluster = cl, ties = ties, control = tight), t)
  s <- coxph(Surv(exit, event) ~ group + age + strata(x2 > median(x2)), d, ties = ties, control = tight)
  model(paste("cox", ties, "strata", name), s, c("group", "age"))
}
for (ties in c("efron", "breslow")) {
  t <- c("group", "age")
  model(paste("cox", ties, "delayed lung"), coxph(Surv(entry, exit, event) ~ group + age, late, ties = ties, control = tight), t)
  model(paste("cox", ties, "delayed strata weight lung"),
        coxph(Surv(entry, exit, event) ~ group + age + strata(stratum), late, ties = ties, weights = sw, cluster = inst, control = tight), t)
  model(paste("cox", ties, "cluster cgd"), coxph(Surv(entry, exit, event) ~ group + age, cgd, ties = ties, cluster = id, control = tight), t)
}
# Proportional hazards: score tests of cox.zph, and Schoenfeld residuals
for (name in names(data_of)) for (ties in c("efron", "breslow")) {
  d <- data_of[[name]]; d$x2 <- d[[second[[name]]]]
  fits <- list(plain = coxph(Surv(exit, event) ~ group + age + x2, d, ties = ties, control = tight),
               weighted = coxph(Surv(exit, event) ~ group + age + x2, d, weights = sw, robust = FALSE, ties = ties, control = tight),
               strata = coxph(Surv(exit, event) ~ group + age + strata(stratum), d, ties = ties, control = tight))
  for (kind in names(fits)) for (g in c("km", "identity", "log")) {
    z <- cox.zph(fits[[kind]], transform = g)$table
    put(paste("zph", ties, kind, g, name), "statistic", rownames(z), z[, "chisq"])
  }
  r <- residuals(fits$plain, "schoenfeld")
  put(paste("schoenfeld", ties, name), "sum of squares", colnames(r), colSums(r^2))
}
# Predicted and adjusted survival: the mean of the curves predicted for everybody with group set to 1 or 2
for (name in c("lung", "colon", "colon_half_years")) for (ties in c("efron", "breslow")) {
  d <- data_of[[name]]
  at <- quantile(d$exit, c(.2, .5, .8), type = 1)
  for (kind in c("plain", "strata")) {
    fit <- if (kind == "plain") coxph(Surv(exit, event) ~ group + age, d, weights = sw, ties = ties, control = tight)
           else coxph(Surv(exit, event) ~ group + age + strata(stratum), d, weights = sw, ties = ties, control = tight)
    for (g in 1:2) {
      new <- aggregate(sw ~ age + stratum, d, sum); new$group <- g
      curves <- sapply(seq_len(nrow(new)), function(i) summary(survfit(fit, new[i, ], se.fit = FALSE), times = at, extend = TRUE)$surv)
      put(paste("adjusted", ties, kind, name), "estimate", paste(g, at), apply(curves, 1, weighted.mean, w = new$sw))
    }
  }
}
# Quantiles with limits
for (name in c("lung", "veteran", "colon_half_years")) {
  fit <- survfit(Surv(exit, event) ~ group, data_of[[name]], conf.type = "log-log")
  q <- quantile(fit, c(.25, .5))
  g <- sub(".*=", "", rownames(q$quantile))
  for (part in c("quantile", "lower", "upper"))
    put(paste("quantile", name), part, paste(rep(g, 2), rep(c(.25, .5), each = length(g))), as.vector(q[[part]]))
}

# Mean count of repeated events without a terminal one: Nelson-Aalen with variance by person
fit <- survfit(Surv(entry, exit, event) ~ group, cgd, cluster = id)
s <- summary(fit, times = c(50, 150, 250, 350), extend = TRUE)
key <- paste(sub(".*=", "", as.character(s$strata)), s$time)
put("mean count cgd", "estimate", key, s$cumhaz)
put("mean count cgd", "std_error", key, s$std.chaz)
write.csv(do.call(rbind, out), "survival_reference.csv", row.names = FALSE)
