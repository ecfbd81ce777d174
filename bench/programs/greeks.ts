/** Black and Scholes' price of 1,000 calls with its derivatives up to the third order. */

import { erf, grad, type Tensor } from "@chainrule/autograd";
import { drawn, program } from "./program.ts";

type Each = Tensor<[1000]>;

interface Market {
  readonly spot: Each;
  readonly volatility: Each;
  readonly rate: Each;
  readonly time: Each;
}

type Price = (market: Market, strike: Each) => Each;

const normal = (x: Each): Each => erf(x.div(Math.SQRT2)).add(1).mul(0.5);

function price({ spot, volatility, rate, time }: Market, strike: Each): Each {
  const deviation = volatility.mul(time.sqrt());
  const drift = rate.add(volatility.mul(volatility).mul(0.5)).mul(time);
  const d1 = spot.div(strike).log().add(drift).div(deviation);
  const discounted = strike.mul(rate.mul(time).neg().exp());
  return spot.mul(normal(d1)).sub(discounted.mul(normal(d1.sub(deviation))));
}

/** Each entry depends on its own inputs alone, so that the gradient of the sum is the derivative of each. */
function by(name: keyof Market, f: Price): Price {
  const derivative = grad((market: Market, strike: Each) => f(market, strike).sum() as never) as unknown as (
    market: Market,
    strike: Each,
  ) => Market;
  return (market, strike) => derivative(market, strike)[name];
}

const delta = by("spot", price);
const gamma = by("spot", delta);
const vega = by("volatility", price);
const derivatives: Readonly<Record<string, Price>> = {
  price,
  delta,
  gamma,
  vega,
  theta: by("time", price),
  rho: by("rate", price),
  vanna: by("volatility", delta),
  volga: by("volatility", vega),
  speed: by("spot", gamma),
};

export const greeks = program({
  id: "greeks",
  name: "1,000 options, third order",
  parameters: {
    spot: drawn(70, [1000], 40).add(100),
    volatility: drawn(72, [1000], 0.3).add(0.35),
    rate: drawn(73, [1000], 0.04).add(0.03),
    time: drawn(74, [1000], 1.5).add(1),
  },
  data: { strike: drawn(71, [1000], 40).add(100) },
  run: (market: Market, { strike }: { readonly strike: Each }) =>
    Object.fromEntries(Object.entries(derivatives).map(([name, f]) => [name, f(market, strike)])),
  slopes: [
    { of: "price", by: { spot: "delta", volatility: "vega", rate: "rho", time: "theta" }, entrywise: true },
    { of: "delta", by: { spot: "gamma" }, entrywise: true },
    { of: "delta", by: { volatility: "vanna" }, entrywise: true },
    { of: "vega", by: { volatility: "volga" }, entrywise: true },
    { of: "gamma", by: { spot: "speed" }, entrywise: true },
  ],
});
