import { reportText } from "@chainrule/nn/handcheck";
import { readJson } from "../../packages/nn/src/handcheck/intake/sources/json.ts";
import { withPrinted } from "../../packages/nn/src/handcheck/intake/sources/listing.ts";
import { submissionOf } from "../../packages/nn/src/handcheck/intake/submission.ts";
import { checkSubmission } from "../../packages/nn/src/handcheck/judge/submitted.ts";

const { report } = checkSubmission(submissionOf(withPrinted(readJson("work.json", document.body.textContent).values)));
console.log(reportText(report));
