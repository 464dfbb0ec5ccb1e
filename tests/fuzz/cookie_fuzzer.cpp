/// Cookie headers of any bytes, as another site beside ours may plant them.
#include "http/cookie.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/encoding.h"
#include "property.h"

namespace {

using gatehouse::fuzz::require;
using gatehouse::http::SessionCookie;
using gatehouse::http::take_cookie;
using gatehouse::http::Transport;
using Values = std::vector<std::string_view>;

/// The values of all cookies of this name.
Values cookie_values(std::string_view header, std::string_view name) {
  Values values;
  while (const auto value = take_cookie(header, name)) values.push_back(*value);
  return values;
}

Values candidates(const SessionCookie& cookie, std::string_view header, Transport transport) {
  const auto found = cookie.candidates(header, transport);
  return {found.view().begin(), found.view().end()};
}

bool within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (std::less_equal<>{}(whole.data(), part.data()) &&
          std::less_equal<>{}(part.data() + part.size(), whole.data() + whole.size()));
}

void values_are_parts_of_the_header(std::string_view header) {
  for (const std::string_view value : cookie_values(header, "gatehouse")) {
    require(within(value, header), "a value points into the header");
    require(value.find(';') == std::string_view::npos, "a value ends at the semicolon");
    require(gatehouse::trimmed(value) == value, "a value has no blanks around it");
  }
}

void the_limit_keeps_the_first(std::string_view header) {
  const Values all = cookie_values(header, "gatehouse");
  const Values few =
      candidates(SessionCookie{gatehouse::config::Cookie{}}, header, Transport::plain);
  require(few.size() == std::min<std::size_t>(4, all.size()),
          "as many as there are, or as allowed");
  require(std::equal(few.begin(), few.end(), all.begin()), "the first ones are kept");
}

void neighbours_do_not_disturb(std::string_view header) {
  const std::string longer =
      "gatehouse=first; " + std::string(header) + ";gatehouse = last ;other=x";
  const Values all = cookie_values(header, "gatehouse");
  const Values more = cookie_values(longer, "gatehouse");
  require(more.size() == all.size() + 2, "two more cookies are two more values");
  require(more.front() == "first" && more.back() == "last", "in their order");
  require(std::equal(all.begin(), all.end(), more.begin() + 1), "the others stay as they were");
}

void only_the_name_of_the_scheme_is_read(std::string_view header) {
  const SessionCookie cookie{gatehouse::config::Cookie{}};
  Values tls = cookie_values(header, "__Host-gatehouse");
  Values plain = cookie_values(header, "gatehouse");
  tls.resize(std::min<std::size_t>(4, tls.size()));
  plain.resize(std::min<std::size_t>(4, plain.size()));
  require(candidates(cookie, header, Transport::tls) == tls,
          "over TLS only the __Host- name counts");
  require(candidates(cookie, header, Transport::plain) == plain,
          "on plain HTTP only the plain name counts");
}

void what_is_set_comes_back(std::string_view bytes) {
  const SessionCookie cookie{gatehouse::config::Cookie{}};
  const std::string token = gatehouse::base64url_encode(bytes);
  for (const Transport transport : {Transport::plain, Transport::tls}) {
    const std::string set = cookie.set(token, transport);
    require(candidates(cookie, set.substr(0, set.find(';')), transport) == Values{token},
            "the browser gives back what was set");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string header(data, data + size);
  values_are_parts_of_the_header(header);
  the_limit_keeps_the_first(header);
  neighbours_do_not_disturb(header);
  only_the_name_of_the_scheme_is_read(header);
  what_is_set_comes_back(header);
  return 0;
}
