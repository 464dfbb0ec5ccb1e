#include "nginx/judges.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "config/suggestion.h"
#include "nginx/resource.h"
#include "nginx/walk.h"

namespace gatehouse::nginx {
namespace {

constexpr std::array<std::string_view, 4> kForms{
    "gatehouse:", "gatehouse-cached:", "/gatehouse/auth/", "/gatehouse/auth-cached/"};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

bool is_yes(int status) {
  return status >= 200 && status < 300;
}

/// The meaning of this ending of nginx's question for the visitor: only a 2xx is a yes.
Judgement::Kind meaning(const Ending& ending, const std::string& address) {
  if (ending.kind == Ending::Kind::redirect) return Judgement::Kind::closed;
  if (ending.kind == Ending::Kind::status) {
    return is_yes(ending.status) ? Judgement::Kind::yes : Judgement::Kind::closed;
  }
  if (ending.resource.kind == Resource::Kind::question) return Judgement::Kind::gatehouse;
  if (!is_yes(ending.status)) return Judgement::Kind::closed;
  if (ending.resource.kind == Resource::Kind::gatehouse) {
    // The API's front page answers 200 to whoever is logged in, whatever their roles. Its other
    // addresses answer 404 to the question.
    const bool is_home = address == "/gatehouse" || address == "/gatehouse/";
    return is_home ? Judgement::Kind::another : Judgement::Kind::closed;
  }
  // An error page answers here in the place of a Gatehouse that is away or has refused.
  const bool was_asked =
      fastcgi_parameter(ending.request.first_level(), "GATEHOUSE_INTERNAL") != nullptr;
  if (was_asked) return Judgement::Kind::yes;
  // A location that is `internal` and passes the question on is a judge that the site made on
  // purpose.
  const bool is_judge = ending.request.level->location().here("internal") != nullptr &&
                        ending.resource.kind != Resource::Kind::text &&
                        ending.resource.kind != Resource::Kind::file;
  return is_meant_for_gatehouse(address) && !is_judge ? Judgement::Kind::yes
                                                      : Judgement::Kind::another;
}

}  // namespace

bool is_meant_for_gatehouse(std::string_view address) {
  constexpr std::array<std::string_view, 2> kWords{"gatehouse", "gatehouse-cached"};
  const std::string text = lower(address);
  if (text.find("gatehouse") != std::string::npos) return true;
  if (text.ends_with(":*") || text.ends_with("/*")) return true;
  const std::size_t begin = text.find_first_not_of('/');
  if (begin == std::string::npos) return false;
  const std::string word = text.substr(begin, text.find_first_of(":/", begin) - begin);
  return !config::nearest(word, kWords).empty();
}

std::string_view demand_of(std::string_view address) {
  for (const auto form : kForms) {
    if (address.starts_with(form)) return address.substr(form.size());
  }
  return {};
}

bool is_old_form(std::string_view address) {
  return address.starts_with("/gatehouse/auth");
}

const Judgement& Judges::of(const Level& server, const std::string& address) {
  const auto key = std::pair(&server, address);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  return known_.emplace(key, find(server, address)).first->second;
}

Judgement Judges::find(const Level& server, const std::string& address) {
  Judgement judgement;
  // The ending that lets in most people decides, since it is enough that nginx may come there.
  const auto weight = [](Judgement::Kind kind) {
    constexpr std::array kOrder{Judgement::Kind::closed, Judgement::Kind::another,
                                Judgement::Kind::gatehouse, Judgement::Kind::yes};
    return std::find(kOrder.begin(), kOrder.end(), kind) - kOrder.begin();
  };
  for (auto& ending : walk(site_, *this, server, address, {.kind = Visitor::Kind::question})) {
    const auto kind = meaning(ending, address);
    judgement.asks_gatehouse |= ending.resource.kind == Resource::Kind::question;
    if (weight(kind) > weight(judgement.kind) || !judgement.by.request.server) {
      judgement.kind = kind;
      judgement.by = std::move(ending);
    }
  }
  return judgement;
}

}  // namespace gatehouse::nginx
