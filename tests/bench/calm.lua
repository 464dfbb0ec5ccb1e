-- wrk: clients that pause 20 ms after each answer, as many people on a busy site do between clicks.
function delay()
  return 20
end
