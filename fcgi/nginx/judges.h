/// Decides who answers an auth_request: Gatehouse, another judge, or something that says yes to
/// all.
///
/// nginx asks an auth_request like any other request, so any location may answer it, and every 2xx
/// is a yes. `auth_request gatehouse:*;` in a server whose `location ~ .` ends in a front
/// controller is such a case: the page of the application answers 200, and everybody is let in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "nginx/request.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

/// True if the address is meant for Gatehouse: it has one of its forms or is a likely misspelling.
[[nodiscard]] bool is_meant_for_gatehouse(std::string_view address);
/// The demand in an address for Gatehouse: "admin" in "gatehouse:admin". "" if the address has none
/// of its forms.
[[nodiscard]] std::string_view demand_of(std::string_view address);
/// True for the older form, `/gatehouse/auth/…`. Unlike `gatehouse:…` it is an address of the site,
/// so the site itself answers it where the snippet is missing.
[[nodiscard]] bool is_old_form(std::string_view address);

/// Who answers the question of an auth_request line, and what that means for a stranger.
struct Judgement {
  enum class Kind {
    gatehouse,  ///< Gatehouse answers, as it should
    another,    ///< a judge of the site's own answers
    yes,        ///< something answers that may say 200 whoever asks
    closed,     ///< nothing that answers can say yes, so everybody gets 500
  };
  Kind kind = Kind::closed;
  Ending by;  ///< what answers; any one of the endings if the kind is `closed`
  /// True if Gatehouse is asked on some way, even if an error page then answers in its place.
  bool asks_gatehouse = false;
};

/// Finds and remembers judgements, since each is asked for many times. It also counts the steps of
/// all walks of one inspection: a hostile or huge configuration ends in the finding `too-large`
/// instead of keeping the program busy for hours. Not thread-safe.
class Judges {
 public:
  Judges(const Site& site, long most_steps) : site_(site), steps_left_(most_steps) {}
  /// The judgement of the line that asks `address` in `server`.
  const Judgement& of(const Level& server, const std::string& address);
  /// Takes one step of the budget. False once it is spent; what was found by then is not all.
  bool spend() noexcept { return steps_left_ > 0 && --steps_left_ > 0; }
  [[nodiscard]] bool are_spent() const noexcept { return steps_left_ <= 0; }

 private:
  Judgement find(const Level& server, const std::string& address);

  const Site& site_;
  long steps_left_;
  std::map<std::pair<const Level*, std::string>, Judgement> known_;
};

}  // namespace gatehouse::nginx
