% Runs a marked script from its first line to the end of the pass that was asked for.
function chainrule_run (script, file, pass, wanted)
  global chainrule_state
  chainrule_state = struct ("first", "", "before", struct (), "found", struct (), "file", file, "passes", 0, "pass", pass);
  chainrule_state.wanted = wanted;
  evalin ("base", ["source ('" script "')"]);
  chainrule_moved ();
end
