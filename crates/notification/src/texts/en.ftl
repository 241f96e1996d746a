# In English. Parts: sms, subject and body (e-mail), call (what the caller says).
offer-sms = { $kind }{ $area }, { $when }, { $minutes } min. Can you help? Reply Y { $code } (yes) or N { $code } (no) by { $until }, or: { $link }
offer-subject = Can you help? { $kind }, { $when }
offer-body =
    Hello!

    Could you help? { $kind }{ $area }, { $when }. It takes about { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }.

    Please answer by { $until }:

    { $link }

    If you cannot, tell us that too, and we will ask somebody else. Thank you!
stand_down_filled-sms = { $kind }, { $when }: a helper has been found already. Thank you for being there!
stand_down_filled-subject = A helper has been found already, thank you
stand_down_filled-body =
    Hello!

    { $kind }, { $when }: a helper has been found already. Thank you for being there. There is nothing you need to do.
stand_down_not_needed-sms = { $kind }, { $when }: help is not needed any more. Thank you for being there!
stand_down_not_needed-subject = Help is not needed any more, thank you
stand_down_not_needed-body =
    Hello!

    { $kind }, { $when }: help is not needed any more. Thank you for being there. There is nothing you need to do.
stand_down_moved-sms = Gig { $kind }, { $when }: the time changes, so no help is needed then. Thank you for being there!
stand_down_moved-subject = The time changes, thank you
stand_down_moved-body =
    Hello!

    { $kind }, { $when }: the time changes, so no help is needed then any more. Thank you for being there. You need not do anything.
hold-sms = Thank you! { $kind }, { $when }: we are looking for the second helper and will tell you when we have found one. { $link }
hold-subject = Thank you! We are looking for the second helper
hold-body =
    Hello!

    Thank you for your answer. { $kind }, { $when }, takes two helpers. We are looking for the second and will tell you when we have found one.

    { $link }
hold_released-sms = { $kind }, { $when }: the second helper was not found in time, so it will not take place with you. Thank you for being ready to help!
hold_released-subject = The second helper was not found
hold_released-body =
    Hello!

    { $kind }, { $when }: the second helper was not found in time, and your time is free again. Thank you for being ready to help!
confirmation-sms = Thank you, you are in! { $kind }{ $area }, { $when }. Address and contact: { $link }
confirmation-subject = You are in: { $kind }, { $when }
confirmation-body =
    Hello!

    Thank you, you are in: { $kind }{ $area }, { $when }, about { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }.

    The address, the contact and the instructions are here:

    { $link }

    If something comes up, cancel at once by the same link, so that we can find somebody else.
assigned-sms = A coordinator has put you down to help: { $kind }{ $area }, { $when }. Address, and how to say that you cannot: { $link }
assigned-subject = You are put down to help: { $kind }, { $when }
assigned-body =
    Hello!

    A coordinator has put you down to help, without asking you first: { $kind }{ $area }, { $when }, about { $minutes ->
        [one] one minute
       *[other] { $minutes } minutes
    }.

    The address, the contact and the instructions are here:

    { $link }

    If it does not suit you, say so at once by the same link, so that we can find somebody else. That is quite all right.
reminder_evening-sms = Reminder: tomorrow { $kind }{ $area }, { $when }. Details and cancelling: { $link }
reminder_evening-subject = Reminder: { $kind }, { $when }
reminder_evening-body =
    Hello!

    Tomorrow: { $kind }{ $area }, { $when }. Details and cancelling:

    { $link }
reminder_soon-sms = Soon: { $kind }{ $area }, { $when }. Details: { $link }
reminder_soon-subject = Soon: { $kind }, { $when }
reminder_soon-body =
    Hello!

    It is soon time: { $kind }{ $area }, { $when }. Details:

    { $link }
change-sms = Change: { $kind }{ $area } is now { $when }. Details and cancelling: { $link }
change-subject = Change: { $kind }, { $when }
change-body =
    Hello!

    The time has changed. { $kind }{ $area } is now { $when }. If that does not suit you, cancel by the link:

    { $link }
cancellation-sms = Cancelled: { $kind }, { $when }. You need not go. Thank you for being ready to help!
cancellation-subject = Cancelled: { $kind }, { $when }
cancellation-body =
    Hello!

    { $kind }, { $when }, is cancelled. You need not go. Thank you for being ready to help!
cancel_noted-sms = Your cancellation is noted: { $kind }, { $when }. Thank you for telling us. We look for another helper.
cancel_noted-subject = Your cancellation is noted
cancel_noted-body =
    Hello!

    Your cancellation is noted: { $kind }, { $when }. Thank you for telling us. We look for another helper.
thanks-sms = Thank you for your help! { $kind }, { $when }. It made somebody's day.
thanks-subject = Thank you for your help!
thanks-body =
    Hello!

    Thank you for your help: { $kind }, { $when }. It made somebody's day.
seeker_confirmation-sms = Help is arranged: { $kind }, { $when }. A volunteer comes then. It is free of charge; give no money or bank codes.
seeker_confirmation-subject = Help is arranged: { $kind }, { $when }
seeker_confirmation-body =
    Hello!

    Help is arranged: { $kind }, { $when }. A volunteer comes then. The help is free of charge; give no money or bank codes.
seeker_confirmation-call = Say: { $kind }, { $when }. { $helpers ->
        [one] A volunteer comes
       *[other] { $helpers } volunteers come
    } then. Ask whether the time suits.
seeker_change-sms = Change: { $kind } is now { $when }. A volunteer comes then.
seeker_change-subject = Change: { $kind }, { $when }
seeker_change-body =
    Hello!

    The time of the help has changed. { $kind } is now { $when }.
seeker_change-call = Say: the time has changed, { $kind } is now { $when }. Ask whether the new time suits.
seeker_reopened-sms = { $kind }, { $when }: the helper cannot come. We look for another and tell you soon.
seeker_reopened-subject = We look for another helper
seeker_reopened-body =
    Hello!

    { $kind }, { $when }: the helper cannot come. We look for another and tell you soon.
seeker_reopened-call = Say: the helper cannot come, { $kind }, { $when }. We look for another and call when one is found.
seeker_cancelled-sms = Cancelled: { $kind }, { $when }. The volunteer does not come then.
seeker_cancelled-subject = Cancelled: { $kind }, { $when }
seeker_cancelled-body =
    Hello!

    { $kind }, { $when }, is cancelled. The volunteer does not come then.
seeker_cancelled-call = Say: { $kind }, { $when }, is cancelled.
seeker_unmet-sms = Sorry, we found no helper: { $kind }, { $when }. Call us, and we look for another time or other help.
seeker_unmet-subject = No helper was found: { $kind }, { $when }
seeker_unmet-body =
    Hello!

    We are sorry: we found no helper for { $kind }, { $when }. Call us, and we look together for another time or other help.
seeker_unmet-call = Say: sorry, no helper was found, { $kind }, { $when }. Ask whether another time suits, or whether other help is needed.
# Answers to text messages.
reply_accepted = Thank you, your answer is noted. You will get a confirmation soon.
reply_declined = Thank you for telling us. We will ask somebody else.
reply_filled = A helper has been found already. Thank you for being ready to help!
reply_ended = This request does not hold any more. Thank you for answering!
reply_wrong_code = We did not find that code. Check the code in the message and reply for example Y AB23 or N AB23.
reply_unclear = We did not understand. Reply Y (yes) or N (no) and the code in the message, for example Y AB23.
reply_stop = A computer read your message and nothing has changed. If you want no more messages, please call the city.
reply_which_code = You have several requests. Reply Y or N and the code in the message, for example Y AB23.
reply_not_able = This gig does not fit your details any more. Thank you for being ready to help!
reply_too_late = You are in for this gig already. If you cannot come, cancel by the link in the confirmation or call us.
