/// Who answers an auth_request.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "nginx/request.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

/// An address that is meant for Gatehouse, in any of its forms, or a slip of one.
[[nodiscard]] bool is_meant_for_gatehouse(std::string_view address);
/// What an address of ours demands: "admin" of "gatehouse:admin"; "" if it is none.
[[nodiscard]] std::string_view demand_of(std::string_view address);
/// `/gatehouse/auth/…`, which the site answers where the snippet is missing.
[[nodiscard]] bool is_old_form(std::string_view address);

struct Judgement {
  enum class Kind {
    gatehouse,  ///< as it should be
    another,    ///< a judge of the site's own
    yes,        ///< something that may say 200 to whatever it is asked
    closed,     ///< nothing that could say yes: a 500 for everyone
  };
  Kind kind = Kind::closed;
  Ending by;  ///< what answers; of `closed`, anything
  /// Gatehouse is asked, whatever answers in its place then.
  bool asks_gatehouse = false;
};

/// Remembers them: each is asked for many times. Counts the steps of all walks, too, so that no
/// configuration keeps the program for long.
class Judges {
 public:
  Judges(const Site& site, long most_steps) : site_(site), steps_left_(most_steps) {}
  const Judgement& of(const Level& server, const std::string& address);
  /// False once all steps are spent: what is found then is not all.
  bool spend() noexcept { return steps_left_ > 0 && --steps_left_ > 0; }
  [[nodiscard]] bool are_spent() const noexcept { return steps_left_ <= 0; }

 private:
  Judgement find(const Level& server, const std::string& address);

  const Site& site_;
  long steps_left_;
  std::map<std::pair<const Level*, std::string>, Judgement> known_;
};

}  // namespace gatehouse::nginx
