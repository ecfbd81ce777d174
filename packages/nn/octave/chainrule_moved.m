% Parameters are about to move: the pass is over, and the one that was asked for ends the script.
function chainrule_moved ()
  global chainrule_state
  if (numfields (chainrule_state.found) == 0)
    return
  end
  chainrule_state.passes += 1;
  if (chainrule_state.passes == chainrule_state.pass)
    chainrule_write (chainrule_state);
    exit (0);
  end
  chainrule_state.first = "";
  chainrule_state.before = struct ();
  chainrule_state.found = struct ();
end
