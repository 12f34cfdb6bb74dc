# Reference values of test_survival_lifelines_models.py, from R 4.2.2 with survival 3.5-3. Run in tests/reference.
library(survival)

data <- read.csv("data/pbc.csv")
for (name in c("weibull", "lognormal", "loglogistic")) {
  fit <- survreg(Surv(exit, event) ~ group + age, data = data, dist = name)
  cat(name, "\n")
  print(c(fit$loglik[2], coef(fit), log(fit$scale)), digits = 12)
  print(sqrt(diag(vcov(fit))), digits = 12)
}
