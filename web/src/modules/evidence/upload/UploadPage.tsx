import { useEffect } from 'react';
import { Loaded } from '../../../app/problem';
import { usePerson } from '../../../app/session';
import { CaseHeader } from '../CaseHeader';
import { useCase, useCaseId } from '../data';
import { Choose } from './Choose';
import { Left } from './Left';
import { Sending } from './Sending';
import { forget, useUpload } from './store';
import './upload.css';

export default function UploadPage() {
  const caseId = useCaseId();
  const upload = useUpload();
  const { person } = usePerson();
  const others = upload !== null && upload.person !== person.id;
  useEffect(() => {
    if (others) forget();
  }, [others]);
  const here = !others && upload?.caseId === caseId ? upload : null;
  return (
    <Loaded query={useCase(caseId)}>
      {() => (
        <div className="pane fill">
          <CaseHeader caseId={caseId} title="evidence.upload.title" />
          {here ? (
            <Sending upload={here} />
          ) : (
            <>
              <Choose caseId={caseId} busyElsewhere={upload?.phase === 'sending'} />
              <Left caseId={caseId} />
            </>
          )}
        </div>
      )}
    </Loaded>
  );
}
