/** Strangers' backprops that are not judged as they should be yet. */
export const pending: readonly string[] = [
  "hand/c01_leaky.ts", "hand/c02b_js.mjs", "hand/c03_asis.json", "hand/c03_gradcol.json",
  "hand/g03_policy_digits.ts", "hand/k02_bn_caffe_family.ts", "hand/k14_rpow.ts",
  "hand/key_activation.json", "hand/key_convtypo.json", "hand/key_dataXY.json", "hand/key_datay.json",
  "hand/key_extra.json", "hand/key_grads.json", "hand/key_labels.json", "hand/key_loss.json",
  "hand/key_nocost.json", "hand/key_nonet.json", "hand/lay_a_flatb.json", "hand/lay_b_rows.json",
  "hand/lay_c_topnames.json", "hand/lay_e_grads.json", "hand/lay_f_torchnames.json", "hand/lay_g_lists.json",
  "hand/lay_i_inout.json", "hand/n01_asis.json", "hand/n02.json", "hand/n04_asis.json", "hand/n05_asis.json",
  "hand/n08_asis.json", "hand/n19_full.json", "hand/n19_untold.json", "hand/n20.json", "hand/nobias_W2.json",
  "hand/nobias_b2.json", "hand/noparams.json",
  "wild/right-softmax-crossentropy.ts",
];
