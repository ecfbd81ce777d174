% A gradient is about to be assigned: where it is the first of a pass, everything else is copied.
function chainrule_before (name)
  global chainrule_state
  if (isempty (chainrule_state.first))
    chainrule_state.first = name;
    for one = intersect (evalin ("caller", "who"), chainrule_state.wanted)'
      chainrule_state.before.(one{1}) = evalin ("caller", one{1});
    end
  end
end
