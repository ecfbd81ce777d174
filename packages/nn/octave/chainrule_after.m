% A gradient was assigned: its value counts until parameters move.
function chainrule_after (name)
  global chainrule_state
  chainrule_state.found.(name) = evalin ("caller", name);
end
